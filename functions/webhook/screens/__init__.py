"""What the bot shows and asks, a module per matter: commands, presses and answers to its questions."""
