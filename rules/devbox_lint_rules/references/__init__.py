"""`{{...}}` that leads nowhere: addresses of secrets, `ado://`, parameters, placeholders left from a sample."""
