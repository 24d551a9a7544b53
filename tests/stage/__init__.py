"""What tests stand on: a real server, a database for each test, a web server, a browser, the clause table."""
