#include "document/document.h"
#include "tap.h"

static const struct {
    const char *name, *declared, *data;
    size_t n;
    enum err want;
    enum file_kind kind;
} rows[] = {
    {"f.pdf", "application/pdf", "%PDF-1.4\n", 9, OK, FILE_PDF},
    {"F.PDF", NULL, "%PDF-1.4\n", 9, OK, FILE_PDF},
    {"f.pdf", "application/octet-stream", "junk\n%PDF-1.4", 13, OK, FILE_PDF},
    {"f.pdf", "application/pdf; charset=x", "%PDF-", 5, OK, FILE_PDF},
    {"f.pdf", "image/png", "%PDF-1.4\n", 9, ERR_FILE_TYPE, 0},
    {"f.pdf", NULL, "\x89PNG\r\n\x1a\n", 8, ERR_FILE_TYPE, 0},
    {"f.png", NULL, "%PDF-1.4\n", 9, ERR_FILE_TYPE, 0},
    {"f.png", "image/png", "\x89PNG\r\n\x1a\nxx", 10, OK, FILE_PNG},
    {"f.png", "image/png", "\x89PNG\r\n\x1a", 7, ERR_FILE_TYPE, 0},
    {"f.jpg", "image/jpeg", "\xff\xd8\xff\xe0", 4, OK, FILE_JPEG},
    {"f.jpeg", "image/jpg", "\xff\xd8\xff\xe1", 4, OK, FILE_JPEG},
    {"f.jpg", "image/png", "\xff\xd8\xff\xe0", 4, ERR_FILE_TYPE, 0},
    {"f.bmp", "image/bmp", "BM......", 8, OK, FILE_BMP},
    {"f.tif", "image/tiff", "II*\0....", 8, OK, FILE_TIFF},
    {"f.tiff", NULL, "MM\0*....", 8, OK, FILE_TIFF},
    {"f.webp", "image/webp", "RIFF\0\0\0\0WEBPVP8 ", 16, OK, FILE_WEBP},
    {"f.webp", "image/webp", "RIFX\0\0\0\0WEBPVP8 ", 16, ERR_FILE_TYPE, 0},
    {"f.webp", "image/webp", "RIFF\0\0\0\0WEB", 11, ERR_FILE_TYPE, 0},
    {"f.gif", "image/gif", "GIF89a", 6, ERR_FILE_TYPE, 0},
    {"f.exe", NULL, "MZ%PDF-", 7, ERR_FILE_TYPE, 0},
    {".pdf", NULL, "%PDF-1.4", 8, ERR_FILE_TYPE, 0},
    {"pdf", NULL, "%PDF-1.4", 8, ERR_FILE_TYPE, 0},
    {"f.pdf.html", NULL, "%PDF-1.4", 8, ERR_FILE_TYPE, 0},
    {NULL, NULL, "%PDF-1.4", 8, ERR_FILE_TYPE, 0},
    {"f.pdf", NULL, "", 0, ERR_FILE_EMPTY, 0},
    {"f.pdf", "text/html", "%PDF-1.4", 8, ERR_FILE_TYPE, 0},
};

int main(void)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum file_kind kind = FILE_KIND_MAX;
        struct bytes d = {(const uint8_t *)rows[i].data, rows[i].n};
        enum err e = document_sniff(rows[i].name, rows[i].declared, d, &kind);
        tap_ok(e == rows[i].want && (e != OK || kind == rows[i].kind),
               "row %zu: %s as %s", i, rows[i].name ? rows[i].name : "(none)",
               rows[i].declared ? rows[i].declared : "(none)");
    }
    static uint8_t late[1100];
    memcpy(late + 1019, "%PDF-", 5);
    enum file_kind k;
    tap_is_int(document_sniff("a.pdf", NULL, (struct bytes){late, 1100}, &k),
               OK, "%%PDF- may end at byte 1,024");
    memset(late, 0, sizeof late);
    memcpy(late + 1020, "%PDF-", 5);
    tap_is_int(document_sniff("a.pdf", NULL, (struct bytes){late, 1100}, &k),
               ERR_FILE_TYPE, "%%PDF- after it is not looked for");
    return tap_done();
}
