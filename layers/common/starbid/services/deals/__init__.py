"""What follows a sale: the steps of a deal, debts that freeze it, second chances."""
