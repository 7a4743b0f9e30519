"""https as old portals speak it: reached when the host is listed, refused when it is not."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.test_portal_spider import PAGE, crawl, listing, report
from tests.webserver import Site, handler


def certificate(folder: Path, bits: int) -> Path:
    """A certificate of 127.0.0.1 signed by itself, with its key, in one file."""
    key, now = rsa.generate_private_key(public_exponent=65537, key_size=bits), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "old.gov.cn")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - datetime.timedelta(days=900)).not_valid_after(now - datetime.timedelta(days=1))
    named = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = made.add_extension(named, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def old_server(site: Site, folder: Path, version: ssl.TLSVersion) -> Iterator[None]:
    """``site`` by TLS of this version only, with a small key and an expired certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = version
    context.load_cert_chain(certificate(folder, 1024))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    site.base = f"https://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("version", "listed", "outcome"), [("TLSv1", True, "complete"), ("TLSv1", False, "unreachable")])
def test_an_old_host_is_reached_when_it_is_listed(tmp_path: Path, version: str, listed: bool, outcome: str) -> None:
    site = Site({"/list/": listing(report(1)), "/r/1.html": PAGE})
    with old_server(site, tmp_path, ssl.TLSVersion[version]):
        given = {"HARVEST_LEGACY_TLS_HOSTS": "127.0.0.1"} if listed else {}
        told = crawl(tmp_path, [f"old,,,{site.base}/list/,,,"], RETRY_TIMES=0, **given)
    portal = told.portals["old"]
    assert portal["outcome"] == outcome, json.dumps(portal, ensure_ascii=False)
    assert listed or "HARVEST_LEGACY_TLS_HOSTS" in portal["reason"], portal
    assert site.paths == (["/list/", "/r/1.html"] if listed else [])
