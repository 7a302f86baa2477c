"""One layer at one case before all witnesses: who is on trial, what it owes, what is asked, and what follows."""
