"""Certificates that nobody vouches for, for servers on this machine."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def _certificate(address: str = "127.0.0.1", ended: timedelta = -timedelta(days=1)) -> bytes:
    """Return a key with a certificate for an address, whose last day was so long ago; of itself it is valid today."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"pbx at {address}")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=9)).not_valid_after(now - ended)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    certificate = builder.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


# Made while the tests are collected, before any of them stops the clock: TLS goes by the real one, and cryptography
# keeps for ever the class of times that it met first.
_CERTIFICATE = _certificate()
EXPIRED = _certificate(ended=timedelta(days=1))
OTHER_HOST = _certificate("192.0.2.1")


def self_signed(folder: Path, certificate: bytes = _CERTIFICATE) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context with a certificate, for 127.0.0.1 unless another is given, and the file it is in."""
    path = folder / "pbx.pem"
    path.write_bytes(certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, path
