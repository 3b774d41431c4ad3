"""Plain text as a PDF of one page: Courier, a line a row. For layouts that
no drawing program of the project makes."""
import re


def text_pdf(text):
    """The bytes of the PDF; what Latin-1 of Windows lacks becomes '?'."""
    lines = text.split("\n")
    height = 60 + 10 * len(lines)
    body = [b"BT /F 8 Tf 10 TL 30 %d Td" % (height - 40)]
    for line in lines:
        raw = line.encode("cp1252", "replace")
        body.append(b"(" + re.sub(rb"([\\()])", rb"\\\1", raw) + b") '")
    body = b"\n".join(body + [b"ET"])
    parts = [b"<</Type/Catalog/Pages 2 0 R>>",
             b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 800 %d]/Contents 4 0 R"
             b"/Resources<</Font<</F 5 0 R>>>>>>" % height,
             b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
             b"<</Type/Font/Subtype/Type1/BaseFont/Courier"
             b"/Encoding/WinAnsiEncoding>>"]
    out, places = b"%PDF-1.4\n", []
    for i, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj" % i + part + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(parts) + 1, start)
