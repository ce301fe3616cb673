from cartera.kit.features import Feature


class Design(Feature):
    name = "cartera.design"
    scripts = ("design/main.js",)
