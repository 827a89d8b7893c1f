"""What writes the helper's answers, behind the port LanguageModel."""
