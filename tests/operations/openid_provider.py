"""A real OpenID provider on loopback: Django with django-oauth-toolkit, one user and one client.

Usage: openid_provider.py FOLDER [BACK]; prints a line of JSON with issuer and client, then serves.
"""

import json
import sys
import threading
from http.server import HTTPServer
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from joserfc.jwk import RSAKey

BACK = "http://127.0.0.1:8787/sign-in/return"
LOGIN = """<form method="post">{% csrf_token %}{{ form }}<button>Sign in</button></form>"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Say nothing."""


def main(folder: Path, back: str) -> None:
    """Make the provider, and serve until stopped."""
    (folder / "registration").mkdir()
    (folder / "registration" / "login.html").write_text(LOGIN)
    key = RSAKey.generate_key(2048).as_pem(private=True).decode()
    settings.configure(
        SECRET_KEY="of a test",  # noqa: S106 - it guards nothing
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="openid_provider_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "db"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [folder],
                "APP_DIRS": True,
            }
        ],
        LOGIN_URL="/login/",
        USE_TZ=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key,
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "OpenID", "profile": "Profile", "email": "E-mail"},
        },
    )
    django.setup()
    call_command("migrate", verbosity=0)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    sys.stdout.write(json.dumps(_fill(server, back)) + "\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


def _fill(server: HTTPServer, back: str) -> dict[str, str]:
    """Make a user and a client; return what the test needs of them."""
    # Models can be asked for only once Django is set up.
    user = get_user_model().objects.create_user("ana", "ana@example.org", "correct horse")
    secret = "of a client"  # noqa: S105 - of a test
    client = apps.get_model("oauth2_provider", "Application").objects.create(
        name="gauge",
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=back,
        client_secret=secret,
        algorithm="RS256",
        skip_authorization=True,
    )
    return {
        "issuer": f"http://127.0.0.1:{server.server_port}/o",
        "client_id": client.client_id,
        "client_secret": secret,
        "subject": str(user.pk),
        "back": back,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), "".join(sys.argv[2:]) or BACK)
