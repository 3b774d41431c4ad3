/* A file is what its name, its first bytes and its sender agree on. */
#include "document/document.h"
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "base/banned.h"

enum { PDF_WINDOW = 1024 };

static const struct {
    const char *ext;
    enum file_kind kind;
} names[] = {
    {".pdf", FILE_PDF},   {".png", FILE_PNG},   {".jpg", FILE_JPEG},
    {".jpeg", FILE_JPEG}, {".bmp", FILE_BMP},   {".tif", FILE_TIFF},
    {".tiff", FILE_TIFF}, {".webp", FILE_WEBP},
};

static const struct {
    const char *type;
    enum file_kind kind;
} types[] = {
    {"application/pdf", FILE_PDF}, {"application/x-pdf", FILE_PDF},
    {"image/png", FILE_PNG},       {"image/jpeg", FILE_JPEG},
    {"image/jpg", FILE_JPEG},      {"image/bmp", FILE_BMP},
    {"image/x-ms-bmp", FILE_BMP},  {"image/x-bmp", FILE_BMP},
    {"image/tiff", FILE_TIFF},     {"image/webp", FILE_WEBP},
};

static const struct {
    enum file_kind kind;
    size_t offset, n;
    const char *magic;
} magics[] = {
    {FILE_PNG, 0, 8, "\x89PNG\r\n\x1a\n"},
    {FILE_JPEG, 0, 3, "\xff\xd8\xff"},
    {FILE_BMP, 0, 2, "BM"},
    {FILE_TIFF, 0, 4, "II*\0"},
    {FILE_TIFF, 0, 4, "MM\0*"},
    {FILE_WEBP, 8, 4, "WEBP"},
};

static enum file_kind kind_of_name(const char *name)
{
    size_t n = name ? strlen(name) : 0;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t m = strlen(names[i].ext);
        if (n > m && strcasecmp(name + n - m, names[i].ext) == 0)
            return names[i].kind;
    }
    return FILE_KIND_MAX;
}

static bool agrees_declared(const char *declared, enum file_kind kind)
{
    if (!declared || !*declared)
        return true;
    size_t n = strcspn(declared, "; \t");
    static const char any[] = "application/octet-stream";
    if (n == sizeof any - 1 && strncasecmp(declared, any, n) == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strlen(types[i].type) == n && types[i].kind == kind &&
            strncasecmp(declared, types[i].type, n) == 0)
            return true;
    return false;
}

static bool agrees_bytes(struct bytes d, enum file_kind kind)
{
    if (kind == FILE_PDF)
        return memmem(d.p, d.n < PDF_WINDOW ? d.n : PDF_WINDOW, "%PDF-", 5);
    if (kind == FILE_WEBP && (d.n < 12 || memcmp(d.p, "RIFF", 4) != 0))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        if (magics[i].kind == kind && d.n >= magics[i].offset + magics[i].n &&
            memcmp(d.p + magics[i].offset, magics[i].magic, magics[i].n) == 0)
            return true;
    return false;
}

enum err document_sniff(const char *name, const char *declared,
                        struct bytes data, enum file_kind *out)
{
    if (data.n == 0)
        return ERR_FILE_EMPTY;
    enum file_kind kind = kind_of_name(name);
    if (kind == FILE_KIND_MAX || !agrees_declared(declared, kind) ||
        !agrees_bytes(data, kind))
        return ERR_FILE_TYPE;
    *out = kind;
    return OK;
}

const char *document_media(enum file_kind kind)
{
    static const char *const media[FILE_KIND_MAX] = {
        [FILE_PDF] = "application/pdf", [FILE_PNG] = "image/png",
        [FILE_JPEG] = "image/jpeg",     [FILE_BMP] = "image/bmp",
        [FILE_TIFF] = "image/tiff",     [FILE_WEBP] = "image/webp"};
    return media[kind];
}
