/* The hash is the place that the seal is bound to: a folder opens as itself
 * only. */
#include "domain/backup_folder.h"
#include <string.h>
#include "base/encode.h"
#include "base/str.h"
#include "wire/seal.h"

static struct sealed_at place_of(const char *hash)
{
    return (struct sealed_at){SEALED_BACKUP_FOLDER, hash};
}

enum err backup_folder_seal(struct arena *a, const char *folder,
                            const char **hash, const char **kept)
{
    const struct bytes clear = {(const uint8_t *)folder, strlen(folder)};
    *hash = encode_sha256(a, clear.p, clear.n);
    *kept = folder;
    return seal_ready() ? seal_text(a, place_of(*hash), clear, kept) : OK;
}

enum err backup_folder_open(struct arena *a, const char *hash, const char *kept,
                            const char **folder)
{
    struct bytes clear;
    *folder = kept;
    if (!str_starts(kept, "s1."))
        return OK;
    const enum err e = seal_open(a, place_of(hash), kept, &clear);
    if (!e)
        *folder = (const char *)clear.p;
    return e;
}
