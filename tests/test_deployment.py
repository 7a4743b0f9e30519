"""The recipes of docs/deployment.md: units that systemd accepts, an nginx that caches and limits, a container file without findings."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT, Command

from harvester.cli import cli
from storage import publish
from storage.database import Database
from tests.storing import page

DEPLOY = ROOT / "docs" / "deploy"
PAGE = (ROOT / "docs" / "deployment.md").read_text("utf-8")
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".path"))
HADOLINT = Path(sys.executable).parent.parent / "validators" / "bin" / "hadolint"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
CONFIG = (DEPLOY / "nginx.conf").read_text("utf-8")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def eventually(url: str) -> bytes:
    """What ``url`` answers, once something does."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}")


def test_every_file_is_told_on_the_page() -> None:
    assert {path.name for path in DEPLOY.iterdir()} <= set(re.findall(r"deploy/([\w.-]+)\)", PAGE))


# --- systemd -------------------------------------------------------------------------------------------------------------------------


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    found = shutil.which("systemd-analyze") or pytest.skip("no systemd-analyze: apt-get install systemd")
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8").replace("/srv/harvester/.venv/bin/harvester", "/bin/true")
        (tmp_path / name).write_text(text.replace("User=harvester\n", ""), "utf-8")
    told = subprocess.run([found, "verify", *(tmp_path / name for name in UNITS)], capture_output=True, text=True, check=False)
    assert UNITS == ["harvester-site-renew.service", "harvester-site.path", "harvester-site.service"]
    assert [line for line in told.stderr.splitlines() if "harvester" in line] == []


def test_the_units_name_commands_options_and_units_that_exist() -> None:
    texts = {name: (DEPLOY / name).read_text("utf-8") for name in UNITS}
    started = re.findall(r"^ExecStart=(.*)$", texts["harvester-site.service"], flags=re.MULTILINE)[0].split()
    known = {option for parameter in cli.commands[started[1]].params for option in parameter.opts}
    assert started[0].endswith("/harvester") and {word for word in started if word.startswith("-")} <= known
    (listened,) = re.findall(r"--port (\d+)", " ".join(started))
    assert set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+)", CONFIG)) == {listened}
    named = {unit for text in texts.values() for unit in re.findall(r"harvester-[\w-]+\.(?:service|path)", text)}
    assert named == set(UNITS)


def test_the_site_is_well_locked_up(tmp_path: Path) -> None:
    found = shutil.which("systemd-analyze") or pytest.skip("no systemd-analyze: apt-get install systemd")
    unit = shutil.copy(DEPLOY / "harvester-site.service", tmp_path)
    told = subprocess.run([found, "security", "--offline=yes", "--no-pager", unit], capture_output=True, text=True, check=False)
    exposure = re.search(r"exposure level for [^:]*: ([\d.]+)", told.stdout)
    if exposure is None:
        pytest.skip("this systemd judges no unit offline")
    assert float(exposure[1]) <= 3.0, told.stdout


# --- serving a published folder ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with Database(folder / "harvest.db") as database:
        database.load_reference()
        database.save(page())
    publish.publish(folder / "harvest.db", folder / "site")
    return folder / "site"


def test_a_published_folder_is_served_without_its_database_and_is_not_written_to(site: Path) -> None:
    port = free_port()
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    command = [sys.executable, "-m", "harvester", "serve", "--site", str(site), "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    serving = subprocess.Popen(command, cwd=site.parent, env=environment, stderr=subprocess.DEVNULL)
    try:
        rows = json.loads(eventually(f"http://127.0.0.1:{port}/harvest/reports.json?_shape=array"))
        assert [row["organ"] for row in rows] == ["青岚市人民政府"]
        (check,) = re.findall(r'CMD \["python", "-c", "(.*)"\]', (DEPLOY / "Containerfile").read_text("utf-8"))
        assert subprocess.run([sys.executable, "-c", check.replace("8001", str(port))], check=False).returncode == 0
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(10)
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def test_what_is_no_published_folder_is_told_in_one_line(command: Command, tmp_path: Path) -> None:
    told = command("serve", "--site", tmp_path)
    assert told.returncode == 2
    assert "no published folder" in told.stderr and "harvester publish" in told.stderr


# --- nginx ---------------------------------------------------------------------------------------------------------------------------


@dataclass
class Proxy:
    """nginx with our configuration before a small server that counts what it is asked."""

    port: int
    plain: int
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, list[tuple[str, str]], bytes]:
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", headers=headers, method=method)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(request, context=trusting, timeout=10) as answer:
                return answer.status, answer.getheaders(), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.items(), error.read()


def certificate(folder: Path) -> None:
    """A certificate that nobody but this test believes."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*plain))


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    if NGINX is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    made = Proxy(free_port(), free_port())
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(made.asked)) as upstream:
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
        serving = subprocess.Popen([NGINX, "-p", tmp_path, "-c", configured(tmp_path, made, upstream.server_port), "-e", "stderr"])
        try:
            for _ in range(100):
                if not socket.socket().connect_ex(("127.0.0.1", made.port)):
                    break
                time.sleep(0.05)
            yield made
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(10)
            upstream.shutdown()


def configured(folder: Path, made: Proxy, upstream: int) -> Path:
    """Our configuration with other ports and places, in the smallest nginx.conf there is."""
    certificate(folder)
    (folder / "releases").mkdir()
    (folder / "releases" / "SHA256SUMS").write_text("sums")
    text = re.sub(r"^ *listen \[::\].*\n", "", CONFIG, flags=re.MULTILINE)
    changed = {
        "listen 80;": f"listen 127.0.0.1:{made.plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{made.port} ssl;",
        "/etc/letsencrypt/live/data.example.org": str(folder),
        "/var/cache/nginx/harvester": str(folder / "cache"),
        "/srv/harvester/releases/": f"{folder}/releases/",
        "127.0.0.1:8001": f"127.0.0.1:{upstream}",
    }
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    head = f"daemon off; {user} pid {folder}/pid; error_log stderr; events {{}}"
    (folder / "all.conf").write_text(f"{head} http {{ access_log off; {temporary} {text} }}")
    return folder / "all.conf"


def handler(asked: list[str]) -> type[BaseHTTPRequestHandler]:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = b"<p>reports</p>" * 500
            self.send_response(200)
            for name, value in (("Content-Type", "text/html"), ("Content-Length", str(len(body))), ("Cache-Control", "max-age=5")):
                self.send_header(name, value)
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Site


def named(headers: list[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name.lower()]


def test_nginx_keeps_packs_and_doubles_no_header(proxy: Proxy) -> None:
    first, second = (proxy.get("/-/report/1", **{"Accept-Encoding": "gzip"}) for _ in range(2))
    assert [named(headers, "X-Cache") for _, headers, _ in (first, second)] == [["MISS"], ["HIT"]]
    assert proxy.asked == ["/-/report/1"]
    for status, headers, body in (first, second):
        assert status == 200 and gzip.decompress(body) == b"<p>reports</p>" * 500
        assert named(headers, "Content-Security-Policy") == ["default-src 'self'"], "the site's, once"
        assert named(headers, "Strict-Transport-Security") == ["max-age=31536000"]
    assert proxy.get("/", method="POST")[0] == 403
    assert len(proxy.asked) == 1


def test_nginx_limits_sql_and_lets_readers_read(proxy: Proxy) -> None:
    assert {proxy.get(f"/-/report/{number}")[0] for number in range(15)} == {200}
    with ThreadPoolExecutor(20) as readers:  # at once: on a slow machine one after the other is no more than is let through
        asked = list(readers.map(lambda number: proxy.get(f"/harvest?sql=select+{number}")[0], range(20)))
    assert asked.count(200) >= 1 and asked.count(429) >= 3
    assert proxy.get("/-/report/1")[0] == 200


def test_nginx_serves_releases_as_files_and_leads_to_tls(proxy: Proxy) -> None:
    status, headers, body = proxy.get("/releases/SHA256SUMS")
    assert (status, body) == (200, b"sums") and named(headers, "X-Content-Type-Options") == ["nosniff"]
    assert proxy.get("/releases../all.conf")[0] == 200 and proxy.asked == ["/releases../all.conf"], "no way out of the folder"
    asking = urllib.request.Request(f"http://127.0.0.1:{proxy.plain}/x", headers={"Host": "data.example.org"})
    with pytest.raises(OSError):
        urllib.request.urlopen(asking, timeout=5)  # follows to https://data.example.org, which is nowhere
    with socket.create_connection(("127.0.0.1", proxy.plain)) as plain:
        plain.sendall(b"GET /x HTTP/1.0\r\nHost: data.example.org\r\n\r\n")
        told = plain.recv(1000).decode()
    assert " 301 " in told and "Location: https://data.example.org/x" in told


# --- container -----------------------------------------------------------------------------------------------------------------------


def test_hadolint_finds_nothing_in_the_container_file() -> None:
    if not HADOLINT.exists():
        pytest.skip("no hadolint: make test installs it on Linux x86-64")
    told = subprocess.run([HADOLINT, "--no-color", DEPLOY / "Containerfile"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


def test_the_image_has_a_pinned_base_no_root_and_all_packages() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert set(re.findall(r"^FROM (\S+)", text, flags=re.MULTILINE)) == {"docker.io/library/python:3.12.12-slim-bookworm"}
    assert re.findall(r"^USER (.*)$", text, flags=re.MULTILINE) == ["10001:10001"]
    copied = {word.rstrip("/") for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, flags=re.MULTILINE) for word in line.split()}
    packages = {folder.rstrip("*") for folder in ("harvester", "spiders", "pipelines", "storage")}
    assert packages | {"pyproject.toml", "requirements.txt", "scrapy.cfg", "README.md", "LICENSE"} <= copied
    assert all((ROOT / name).exists() for name in copied)
    started = json.loads(re.findall(r"^CMD (\[.*\])$", text, flags=re.MULTILINE)[0])
    known = {option for parameter in cli.commands[started[0]].params for option in parameter.opts}
    assert {word for word in started if word.startswith("-")} <= known
