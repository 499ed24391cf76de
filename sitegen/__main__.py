"""`python -m sitegen build | watch | check | publish | rollback | improve`."""

import sys
from importlib import import_module

from sitegen.idle import answered

if __name__ == "__main__":
    if answer := answered(sys.argv[1:]):
        sys.stdout.write(f"{answer}\n")
    else:
        # Loading the commands takes longer than finding out that there is nothing to build.
        import_module("sitegen.commands").run()
