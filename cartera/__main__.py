from cartera.kit.command import main

main()
