"""HTTP/2 and TLS in front of a plain port, by nginx: as shoppers meet every shop, and without a say in what passes."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.grade.processes import ended
from deploy.services import answers, found

PATIENCE: Final = 10.0
CONFIGURATION: Final = """
daemon off;
master_process off;
pid {home}/pid;
error_log {home}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    upstream shop {{ server 127.0.0.1:{behind}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port} ssl http2;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        location / {{
            proxy_pass http://shop;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto https;
        }}
    }}
}}
"""


class NoFront(Exception):
    """nginx or openssl is missing or does not start; the message says what to do."""


def certificate(home: Path) -> Path:
    """A certificate that was made just now, for localhost only; its key lies beside it. Raises NoFront."""
    openssl = shutil.which("openssl")
    if not openssl:
        raise NoFront("openssl is missing: install the package openssl")
    file = home / "cert.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    files = ["-keyout", str(home / "key.pem"), "-out", str(file)]
    made = subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, *files], capture_output=True, check=False
    )
    if made.returncode:
        raise NoFront(made.stderr.decode()[-300:])
    return file


@contextmanager
def standing(port: int, behind: int, home: Path, proof: Path) -> Iterator[None]:
    """What comes to `port` of loopback over TLS reaches `behind`; `proof` is the certificate. Raises NoFront."""
    nginx = found("nginx")
    if not nginx:
        raise NoFront("nginx is missing: python deploy/services.py install")
    home.mkdir()
    file = home / "nginx.conf"
    key = proof.with_name("key.pem")
    file.write_text(CONFIGURATION.format(home=home, port=port, behind=behind, certificate=proof, key=key), "utf-8")
    running = subprocess.Popen([nginx, "-p", str(home), "-e", str(home / "error.log"), "-c", str(file)])
    with ended(running, signal.SIGTERM):
        deadline = time.monotonic() + PATIENCE
        while not answers(port):
            if running.poll() is not None or time.monotonic() > deadline:
                raise NoFront((home / "error.log").read_text("utf-8")[-300:])
            time.sleep(0.05)
        yield
