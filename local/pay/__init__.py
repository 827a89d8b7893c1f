"""A provider of bills for the local run: it speaks QIWI's API and Crypto Pay's, and people pay by pressing buttons."""
