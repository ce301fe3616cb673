import pytest


@pytest.fixture
def as_ana(client, cast):
    client.force_login(cast.ana)
    return client


@pytest.fixture
def page(as_ana):
    """Get a page as Ana: `page("/design/")` gives its HTML."""

    def get(path: str, status: int = 200, **headers) -> str:
        response = as_ana.get(path, headers=headers)
        assert response.status_code == status
        return response.content.decode()

    return get


@pytest.fixture
def component(rf):
    """Render a template text with components in it: `component('<c-badge>A</c-badge>')`."""
    from django.template import engines
    from django_cotton.compiler_regex import CottonCompiler

    def render(text: str, **context) -> str:
        template = engines["django"].from_string(CottonCompiler().process(text))
        return template.render(context, rf.get("/somewhere/?q=tier:A"))

    return render
