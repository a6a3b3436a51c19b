"""``python -m workers``: one worker process, told everything by its environment."""

from workers.main import leave, main

if __name__ == "__main__":
    leave(main())
