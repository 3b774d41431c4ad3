-- wrk -s post.lua URL: posts one file again and again as multipart/form-data.
-- BENCH_FILE is the file, BENCH_KEY the API key. The last line printed is
-- "requests-a-second answers-that-were-not-2xx requests".
local path, boundary = os.getenv("BENCH_FILE"), "comptoir-bench"
local file = assert(io.open(path, "rb"))
local data = file:read("*a")
file:close()

wrk.method = "POST"
wrk.headers["X-API-Key"] = os.getenv("BENCH_KEY")
wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
wrk.body = "--" .. boundary ..
    '\r\nContent-Disposition: form-data; name="strict"\r\n\r\nfalse\r\n--' ..
    boundary .. '\r\nContent-Disposition: form-data; name="file"; ' ..
    'filename="' .. path:match("[^/]*$") ..
    '"\r\nContent-Type: application/pdf\r\n\r\n' .. data ..
    "\r\n--" .. boundary .. "--\r\n"

function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("%.2f %d %d\n",
        summary.requests / (summary.duration / 1e6),
        e.status + e.connect + e.read + e.write + e.timeout,
        summary.requests))
end
