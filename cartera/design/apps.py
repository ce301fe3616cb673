from cartera.kit.features import Feature


class Design(Feature):
    name = "cartera.design"
    verbs = "verbs.VERBS"
    scripts = ("design/main.js",)
