"""The live lots on DynamoDB, to be listed and searched: what implements `ports.Catalogue`.

`normal` makes spellings one, `terms` makes words of a text what is looked for, `word_forms` asks the dictionary, and
`listings` keeps and finds rows.
"""
