/* lib/domain/backup_upload.c: the manifest. The rest is tested against a real
 * store (tests/e2e/backup). */
#include "domain/backup_upload.h"
#include <stdlib.h>
#include "base/auto.h"
#include "base/conf.h"
#include "tap.h"

int main(void)
{
    clearenv();
    setenv("ENV", "staging", 1);
    tap_ok(!conf_init(), "settings");
    AUTO_JSON facts =
        json_pack("{s:i,s:n,s:s,s:s,s:[s],s:s}", "user_id", 123, "invoice_id",
                  "external_ref", "FAC", "energy_type", "gaz", "highlights",
                  "Économies", "source_kind", "pdf");
    AUTO_JSON m = backup_upload_manifest("20250115T143022Z",
                                         "2025-01-15T14:30:22Z", facts);
    char *text = json_dumps(m, JSON_COMPACT);
    tap_is_str(text,
               "{\"env\":\"staging\",\"run_id\":\"20250115T143022Z\","
               "\"timestamp\":\"2025-01-15T14:30:22Z\",\"user_id\":123,"
               "\"invoice_id\":null,\"external_ref\":\"FAC\","
               "\"energy_type\":\"gaz\",\"customer_name\":null,"
               "\"highlights\":[\"Économies\"],\"original_pages\":[],"
               "\"files\":[]}",
               "members in their order, null for what was not given");
    free(text);
    return tap_done();
}
