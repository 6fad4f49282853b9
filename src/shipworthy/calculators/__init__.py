"""Pure functions on numbers and numpy arrays, a module a field.

Importing this package pulls in numpy and nothing heavier; scipy is imported inside the functions that need it.
"""
