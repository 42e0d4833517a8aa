"""Two functions of AWS Lambda that run `extract` and `build`, and the program that makes their zips."""
