"""`python -m opsgauge`, for where the script is not on the path."""

from opsgauge.cli.app import main

if __name__ == "__main__":
    main()
