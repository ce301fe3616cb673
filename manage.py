"""Django's usual entry point; the same as the `cartera` command."""

from cartera.kit.command import main

main()
