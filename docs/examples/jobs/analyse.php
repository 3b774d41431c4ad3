<?php
// analyse.php FACTURE.pdf [WEBHOOK_URL]: has an invoice analysed by a job and
// saves both reports. PHP 8 with php-curl. Reads DESK, API_KEY and, for a
// self-signed certificate, CA_FILE. Exit 0: both reports are saved.
declare(strict_types=1);

const TRIES = 8;

function stop(string $why): never
{
    fwrite(STDERR, $why . "\n");
    exit(1);
}

// [status, headers, body]. What did not arrive, or may come back, is sent
// again: safe, because an order carries an Idempotency-Key.
function call(string $method, string $path, mixed $body = null, array $headers = []): array
{
    for ($n = 1;; $n++) {
        $got = [];
        $curl = curl_init(getenv('DESK') . $path);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 40,
            CURLOPT_HTTPHEADER => ['X-API-Key: ' . getenv('API_KEY'), ...$headers],
            CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$got): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $got[strtolower(trim($name))] = trim($value);
                return strlen($line);
            },
        ]);
        if (getenv('CA_FILE')) {
            curl_setopt($curl, CURLOPT_CAINFO, getenv('CA_FILE'));
        }
        if ($body !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        }
        $text = curl_exec($curl);
        $status = $text === false ? 0 : curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        if (!in_array($status, [0, 429, 502, 503, 504], true) || $n === TRIES) {
            return [$status, $got, (string) $text];
        }
        usleep((int) (1e6 * (float) ($got['retry-after'] ?? 2 ** $n / 8)));
    }
}

function order(string $file, ?string $webhook): array
{
    $fields = ['file' => new CURLFile($file, 'application/pdf', basename($file)), 'strict' => 'false',
               'external_ref' => basename($file)];
    if ($webhook !== null) {
        $fields['webhook_url'] = $webhook;
    }
    [$status, , $text] = call('POST', '/v1/jobs/pdf', $fields, ['Idempotency-Key: ' . bin2hex(random_bytes(16))]);
    if ($status !== 202) {
        stop("refused: $status " . (json_decode($text, true)['code'] ?? ''));
    }
    return json_decode($text, true);
}

// Each call waits 25 seconds at most, and answers when something changed.
function wait(array $job): array
{
    $after = '';
    for (;;) {
        [$status, $headers, $text] = call('GET', $job['links']['events'] . $after);
        if ($status === 200) {
            $job = json_decode($text, true);
            fwrite(STDERR, "{$job['status']} {$job['progress']} %\n");
            if (in_array($job['status'], ['succeeded', 'failed', 'cancelled'], true)) {
                return $job;
            }
            $after = '?after=' . $job['version'];
            usleep((int) (1e6 * (float) ($headers['retry-after'] ?? 0)));
        } elseif ($status !== 204) {
            stop("the job cannot be followed: $status");
        }
    }
}

function save(array $job, string $file): void
{
    $result = json_decode(call('GET', $job['links']['self'] . '?reports=link')[2], true)['result'];
    foreach ([['full', 'non_anonymous', 'rapport'], ['anonymous', 'anonymous', 'anonyme']] as [$which, $word, $name]) {
        $pdf = call('GET', $job['links']['reports'][$which])[2];
        if (hash('sha256', $pdf) !== $result["{$word}_sha256"]) {
            stop("$which: another file than was reported");
        }
        file_put_contents(preg_replace('/\.pdf$/i', '', $file) . "-$name.pdf", $pdf);
    }
    echo implode("\n", $result['highlights']), "\n";
}

$done = wait(order($argv[1], $argv[2] ?? null));
if ($done['status'] !== 'succeeded') {
    stop("{$done['status']}: {$done['error_code']}");
}
save($done, $argv[1]);
