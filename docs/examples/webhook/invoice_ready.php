<?php
// Receives comptoir's webhooks: checks who sends, then keeps what is said,
// once a task however often it is told. PHP 8, nothing else.
//
//   WEBHOOK_SECRET  as set at the desk; while it changes: new,old
//   WEBHOOK_TOKEN   as set at the desk
//   STORE           a folder outside of what the web server shows, or
//   DSN             a database (PDO: pgsql, mysql, sqlite) with the table of
//                   schema-postgresql.sql or schema-mysql.sql; DB_USER, DB_PASSWORD
declare(strict_types=1);

const TOLERANCE_S = 300; // a message that is older was recorded by somebody
const LARGEST = 64 * 1024 * 1024;

function answer(int $status, string $text): never
{
    http_response_code($status);
    header('Content-Type: text/plain; charset=utf-8');
    exit($text . "\n");
}

function sent(string $name): string
{
    return (string) ($_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '');
}

/** The bytes that a secret stands for. */
function key_of(string $secret): string
{
    return str_starts_with($secret, 'whsec_') ? (string) base64_decode(substr($secret, 6), true) : $secret;
}

/** Signed by one of our secrets, in both ways the desk signs, and just now. */
function is_signed(string $body): bool
{
    $time = sent('webhook-timestamp');
    if (!ctype_digit($time) || abs(time() - (int) $time) > TOLERANCE_S) {
        return false;
    }
    $signed = sent('webhook-id') . '.' . $time . '.' . $body;
    $standard = $plain = false;
    foreach (explode(',', (string) getenv('WEBHOOK_SECRET')) as $secret) {
        if ($secret === '') {
            continue;
        }
        $want = 'v1,' . base64_encode(hash_hmac('sha256', $signed, key_of($secret), true));
        foreach (explode(' ', sent('webhook-signature')) as $one) {
            $standard = hash_equals($want, $one) || $standard;
        }
        $plain = hash_equals('sha256=' . hash_hmac('sha256', $body, $secret), sent('x-webhook-signature')) || $plain;
    }
    return $standard && $plain;
}

/** A report in Base64, when it is what its hash says. */
function report(array $told, string $which): ?string
{
    $text = $told[$which . '_report_base64'] ?? null;
    if ($text === null) {
        return null; // by address, or a failure
    }
    $pdf = base64_decode($text, true);
    if ($pdf === false || !hash_equals($told[$which . '_sha256'], hash('sha256', $pdf))) {
        answer(400, 'A report is damaged.');
    }
    return $pdf;
}

/** Whole or not at all: under another name first. */
function write_file(string $path, string $bytes): void
{
    $new = $path . '.' . bin2hex(random_bytes(6));
    if (file_put_contents($new, $bytes) !== strlen($bytes) || !rename($new, $path)) {
        answer(500, 'It could not be kept; please send it again.');
    }
}

function keep_on_disk(string $folder, array $told, string $body): void
{
    foreach (['non_anonymous', 'anonymous'] as $which) {
        $pdf = report($told, $which);
        if ($pdf !== null) {
            write_file("$folder/{$told['task_id']}.$which.pdf", $pdf);
        }
    }
    write_file("$folder/{$told['task_id']}.json", $body);
}

/** One row a task, however often it is told: what is told last stands. */
function keep_in_database(string $dsn, array $told): void
{
    $db = new PDO($dsn, getenv('DB_USER') ?: null, getenv('DB_PASSWORD') ?: null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    $row = array_intersect_key($told, array_flip(['task_id', 'status', 'user_id', 'invoice_id', 'external_ref', 'energy_type',
                                                  'non_anonymous_sha256', 'anonymous_sha256']));
    $reports = ['non_anonymous_pdf' => report($told, 'non_anonymous'), 'anonymous_pdf' => report($told, 'anonymous')];
    unset($told['non_anonymous_report_base64'], $told['anonymous_report_base64']);
    $row['told'] = json_encode($told, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    $row += $reports;
    [$taken, $new] = $db->getAttribute(PDO::ATTR_DRIVER_NAME) === 'mysql'
        ? ['ON DUPLICATE KEY UPDATE', 'VALUES(%s)'] : ['ON CONFLICT (task_id) DO UPDATE SET', 'excluded.%s'];
    $set = array_map(fn ($name) => "$name = " . sprintf($new, $name), array_keys($row));
    $insert = $db->prepare('INSERT INTO invoice_ready (' . implode(', ', array_keys($row)) . ') VALUES ('
        . implode(', ', array_map(fn ($name) => ":$name", array_keys($row))) . ") $taken " . implode(', ', $set));
    foreach ($row as $name => $value) {
        $insert->bindValue($name, $value, $value === null ? PDO::PARAM_NULL : (isset($reports[$name]) ? PDO::PARAM_LOB : PDO::PARAM_STR));
    }
    $insert->execute();
}

if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST' || (int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > LARGEST) {
    answer(405, 'POST only.');
}
$body = (string) file_get_contents('php://input'); // as it came: the signature is over these bytes
if (!hash_equals('Bearer ' . getenv('WEBHOOK_TOKEN'), sent('authorization')) || !is_signed($body)) {
    answer(401, 'Not from the desk.');
}
$told = json_decode($body, true);
if (!is_array($told) || !preg_match('/\A[0-9a-f-]{36}\z/', (string) ($told['task_id'] ?? '')) || !isset($told['status'])) {
    answer(400, 'Not a webhook of comptoir.');
}
try {
    if (getenv('DSN')) {
        keep_in_database((string) getenv('DSN'), $told);
    } else {
        keep_on_disk((string) getenv('STORE'), $told, $body);
    }
} catch (PDOException) {
    answer(500, 'It could not be kept; please send it again.');
}
answer(200, 'ok');
