"""Speed, accuracy and training, run by hand; the accuracy floors are held by the tests."""
