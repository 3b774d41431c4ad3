/* Small PDFs written by hand, for what no drawing library would write.
 * Without a cross-reference table: poppler rebuilds it. */
#pragma once
#include <string.h>
#include "base/buf.h"

/* One page: content stream and extra entries of the page dictionary.
 * F1 is Helvetica (WinAnsi), Im1 a 2 x 2 grey image. */
static inline struct bytes rawpdf_page(struct arena *a, const char *content,
                                       const char *page_extra)
{
    struct buf b;
    buf_init(&b, a, 1 << 26);
    buf_str(&b, "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
                "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n");
    buf_printf(&b,
               "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
               "/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
               "/XObject<</Im1 6 0 R>>>> %s>>\nendobj\n",
               page_extra ? page_extra : "");
    buf_printf(&b, "4 0 obj\n<</Length %zu>>\nstream\n", strlen(content));
    buf_str(&b, content);
    buf_str(&b, "\nendstream\nendobj\n"
                "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
                "/Encoding/WinAnsiEncoding>>\nendobj\n"
                "6 0 obj\n<</Type/XObject/Subtype/Image/Width 2/Height 2"
                "/ColorSpace/DeviceGray/BitsPerComponent 8/Length 8"
                "/Filter/ASCIIHexDecode>>\nstream\n00FF80C0>\nendstream\n"
                "endobj\ntrailer\n<</Root 1 0 R/Size 7>>\n%%EOF\n");
    return buf_bytes(&b);
}

/* One page without a picture; info: entries of the Info dictionary. */
static inline struct bytes rawpdf_plain(struct arena *a, const char *content,
                                        const char *info)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    buf_printf(&b,
               "%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
               "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
               "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
               "/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n"
               "4 0 obj\n<</Length %zu>>\nstream\n%s\nendstream\nendobj\n"
               "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\n"
               "endobj\n6 0 obj\n<<%s>>\nendobj\n"
               "trailer\n<</Root 1 0 R/Info 6 0 R/Size 7>>\n%%%%EOF\n",
               strlen(content), content, info);
    return buf_bytes(&b);
}

/* n pages that all show the same text. */
static inline struct bytes rawpdf_many(struct arena *a, int n,
                                       const char *content)
{
    struct buf b;
    buf_init(&b, a, 1 << 26);
    buf_str(&b, "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
                "2 0 obj\n<</Type/Pages/Kids[");
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%d 0 R ", i + 10);
    buf_printf(&b, "]/Count %d>>\nendobj\n", n);
    for (int i = 0; i < n; i++)
        buf_printf(&b,
                   "%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
                   "/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
                   "/XObject<</Im1 6 0 R>>>>>>\nendobj\n",
                   i + 10);
    buf_printf(&b, "4 0 obj\n<</Length %zu>>\nstream\n%s\nendstream\nendobj\n",
               strlen(content), content);
    buf_str(&b, "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\n"
                "endobj\n6 0 obj\n<</Type/XObject/Subtype/Image/Width 2"
                "/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8/Length 8"
                "/Filter/ASCIIHexDecode>>\nstream\n00FF80C0>\nendstream\n"
                "endobj\n");
    buf_printf(&b, "trailer\n<</Root 1 0 R/Size %d>>\n%%%%EOF\n", n + 11);
    return buf_bytes(&b);
}

/* A file for rawpdf_attached; bytes may hold NULs. */
struct rawpdf_file {
    const char *name;
    struct bytes data;
};

/* One page without a picture, and files attached to it. */
static inline struct bytes rawpdf_attached(struct arena *a,
                                           const char *content,
                                           const struct rawpdf_file *files,
                                           int n)
{
    struct buf b;
    buf_init(&b, a, 1 << 26);
    buf_str(&b, "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R"
                "/Names<</EmbeddedFiles<</Names[");
    for (int i = 0; i < n; i++)
        buf_printf(&b, "(%s)%d 0 R ", files[i].name, 10 + 2 * i);
    buf_printf(&b,
               "]>>>>>>\nendobj\n"
               "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
               "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
               "/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n"
               "4 0 obj\n<</Length %zu>>\nstream\n%s\nendstream\nendobj\n"
               "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
               "/Encoding/WinAnsiEncoding>>\nendobj\n",
               strlen(content), content);
    for (int i = 0; i < n; i++) {
        buf_printf(&b,
                   "%d 0 obj\n<</Type/Filespec/F(%s)/EF<</F %d 0 R>>>>\n"
                   "endobj\n%d 0 obj\n<</Type/EmbeddedFile/Length %zu>>\n"
                   "stream\n",
                   10 + 2 * i, files[i].name, 11 + 2 * i, 11 + 2 * i,
                   files[i].data.n);
        buf_add(&b, files[i].data.p, files[i].data.n);
        buf_str(&b, "\nendstream\nendobj\n");
    }
    buf_printf(&b, "trailer\n<</Root 1 0 R/Size %d>>\n%%%%EOF\n", 11 + 2 * n);
    return buf_bytes(&b);
}
