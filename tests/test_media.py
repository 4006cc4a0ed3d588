"""Pictures by themselves: checked, stripped of what is not picture, drawings made safe."""

from __future__ import annotations

import errno
import io
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backfile.media import variants
from backfile.media.check import NoPictureError, check, measured
from backfile.media.place import with_address, without_picture
from backfile.media.store import data_of
from backfile.media.svg import clean_svg

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")


def photo(kind: str, orientation: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that says where and with what it was taken."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((255, 0, 0), (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, kind, exif=exif.tobytes(), xmp=b"<x:xmpmeta SECRETPLACE/>")
    return out.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_place_and_camera_are_taken_out_and_the_picture_stays_upright(kind, orientation):
    found = check(photo(kind, orientation))
    assert b"SECRET" in photo(kind, orientation)
    assert b"SECRET" not in found.data
    again = Image.open(io.BytesIO(found.data))
    assert not again.getexif().get_ifd(0x8825)
    again.load()
    turned = check(found.data)
    assert (turned.width, turned.height) == (found.width, found.height) == ((40, 60) if orientation == 6 else (60, 40))


def test_a_bare_jpeg_is_the_same_picture():
    data = photo("JPEG")
    bare = check(data + b"trailing SECRET").data
    assert b"SECRET" not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


def test_a_disk_that_fails_costs_no_picture_for_longer_than_it_fails(tmp_path, monkeypatch):
    name = "ab/ab" + "0" * 30 + ".jpg"
    (tmp_path / "ab").mkdir()
    (tmp_path / name).write_bytes(photo("JPEG"))
    failures = iter([True, False, True, True])

    def measured_by_a_failing_disk(path):
        if next(failures, False):
            raise OSError(errno.EIO, "Input/output error")
        return measured(path)

    monkeypatch.setattr(variants, "measured", measured_by_a_failing_disk)
    assert variants.shown(tmp_path, name)
    variants._facts.cache_clear()
    assert variants.shown(tmp_path, name) is None
    assert variants.shown(tmp_path, name)


def bomb() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    side = (30_000).to_bytes(4, "big")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", side + side + b"\x08\0\0\0\0") + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"\xff\xd8\xff\xe0junk", photo("JPEG")[:300], photo("PNG")[:90], bomb(), b"GIF89a" + b"\0" * 40],
)
def test_what_is_no_sound_picture_is_refused(data):
    with pytest.raises(NoPictureError):
        check(data)


def test_other_formats_of_the_library_are_never_decoded():
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "TIFF")
    with pytest.raises(NoPictureError):
        check(out.getvalue())


@given(st.binary(max_size=200), st.sampled_from(FORMATS), st.integers(0, 400))
def test_damaged_pictures_are_refused_or_whole(junk, kind, at):
    data = photo(kind)
    broken = data[:at] + junk + data[at + len(junk) :]
    try:
        found = check(broken)
    except NoPictureError:
        return
    Image.open(io.BytesIO(found.data)).load()


HOSTILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="50"'
    ' onload="alert(1)"><script>alert(1)</script><style>@import "http://evil.example/"</style>'
    '<a href="javascript:alert(1)"><rect width="5" height="5" style="fill:red;filter:url(http://evil.example/)"/></a>'
    '<image href="http://evil.example/x.png"/><use href="http://evil.example/#a"/><foreignObject><p/></foreignObject>'
    '<set attributeName="href" to="javascript:1"/><rect fill="url(http://evil.example/)" stroke="url(#a)"/></svg>'
)


def test_a_drawing_keeps_its_shapes_and_nothing_that_acts_or_loads():
    found = clean_svg(HOSTILE.encode())
    assert found
    text = found.data.decode()
    assert (found.width, found.height) == (100, 50)
    assert 'fill="red"' in text
    assert 'stroke="url(#a)"' in text
    for bad in ("evil", "alert", "script", "onload", "foreign", "<set", "<style", "import"):
        assert bad not in text


@pytest.mark.parametrize(
    "text",
    [
        "<svg",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 a b"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="999999" height="10"/>',
        '<svg xmlns="http://elsewhere.example/" width="10" height="10"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">' + "<g/>" * 30_000 + "</svg>",
    ],
)
def test_a_drawing_without_a_size_or_a_measure_is_left_out(text):
    assert clean_svg(text.encode()) is None


def test_uses_of_uses_cannot_multiply():
    layers = "".join(f'<g id="a{n}">{f"<use href={chr(34)}#a{n - 1}{chr(34)}/>" * 10}</g>' for n in range(1, 9))
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><g id="a0"><rect/></g>{layers}</svg>'
    found = clean_svg(text.encode())
    assert found
    assert b"<use" not in found.data


@pytest.mark.parametrize(
    ("address", "data"),
    [("data:image/png;base64,aGk", b"hi"), ("data:,a%20b", b"a b"), ("data:;base64,%%%", b""), ("data:", b"")],
)
def test_the_bytes_in_an_address(address, data):
    assert data_of(address) == data


def test_only_pictures_get_another_address():
    body = '[a link](https://e.example/p.jpg)\n\n![it](https://e.example/p.jpg "A")\n\n![no](https://e.example/p.jpg2)'
    changed = with_address(body, "https://e.example/p.jpg", "media/aa/b.jpg")
    assert changed.count("media/aa/b.jpg") == 1
    assert '![it](media/aa/b.jpg "A")' in changed
    assert without_picture(body, "https://e.example/p.jpg") == body.replace(
        '\n\n![it](https://e.example/p.jpg "A")', ""
    )


def test_an_address_that_is_a_picture_of_megabytes_takes_no_more_memory_than_it_is_large():
    address = f"data:image/png;base64,{'QUJDRAAA' * 400_000}"
    body = f'Words.\n\n![A \\] word]({address} "caption")\n\n[not one]({address})'
    tracemalloc.start()
    changed = with_address(body, address, "#")
    rest = without_picture(body, address)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert changed == body.replace(address, "#", 1)
    assert rest == f"Words.\n\n[not one]({address})"
    assert peak < 12 * len(address)
