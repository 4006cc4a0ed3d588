"""`python -m backfile`"""

from backfile.cli import main

main()
