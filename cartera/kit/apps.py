from cartera.kit.features import Feature


class Kit(Feature):
    name = "cartera.kit"
