from cartera.kit.features import Feature


class Design(Feature):
    name = "cartera.design"
    stylesheet = "design/design.css"
    scripts = ("design/main.js",)
