/* lib/domain/backup_folder.c: a folder is kept sealed, and opens as itself. */
#include "domain/backup_folder.h"
#include <stdlib.h>
#include "base/conf.h"
#include "tap.h"
#include "wire/seal.h"

#define FOLDER "prod/user-1__client/invoice-2/"

int main(void)
{
    struct arena *a = arena_new(4096);
    const char *hash, *other, *kept, *folder;
    clearenv();
    tap_ok(!conf_init() && !seal_init(), "without keys");
    tap_is_int(backup_folder_seal(a, FOLDER, &hash, &kept), OK, "it is kept");
    tap_is_str(kept, FOLDER, "as it is");
    tap_is_int(strlen(hash), 64, "with its hash");
    setenv("DATA_KEYS", "k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 1);
    tap_ok(!conf_init() && !seal_init(), "with a key");
    tap_ok(backup_folder_open(a, hash, kept, &folder) == OK &&
               strcmp(folder, FOLDER) == 0,
           "what was kept before still opens");
    tap_is_int(backup_folder_seal(a, FOLDER, &other, &kept), OK, "sealed");
    tap_is_str(other, hash, "the hash is the same");
    tap_ok(!strstr(kept, "client"), "the name is not seen");
    tap_ok(backup_folder_open(a, hash, kept, &folder) == OK &&
               strcmp(folder, FOLDER) == 0,
           "it opens");
    tap_is_int(backup_folder_open(a, "another", kept, &folder), ERR_INTERNAL,
               "but not as another's");
    arena_free(a);
    return tap_done();
}
