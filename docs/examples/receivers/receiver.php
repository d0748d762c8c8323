<?php
// PHP: php://input is the raw body. Headers are in $_SERVER as HTTP_WEBHOOK_ID. No library is needed.
function verified(string $secret, string $body): bool
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if ($id === '' || !ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen('whsec_')), true);
    $expected = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $signature) {
        if (str_starts_with($signature, 'v1,') && hash_equals($expected, substr($signature, 3))) {
            return true;
        }
    }
    return false;
}

$body = file_get_contents('php://input');
if (!verified(getenv('RMS_SIGNING_SECRET'), $body)) {
    http_response_code(401);
    exit;
}
$message = json_decode($body, true);
header('Content-Type: application/json');
echo json_encode(['received' => $message['forwardOrderCode']]);
