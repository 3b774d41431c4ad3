-- wrk -s get.lua URL: prints "requests-a-second answers-that-were-not-2xx requests
-- p99-in-ms"; BENCH_TOKEN, when set, is sent as Bearer token.
local token = os.getenv("BENCH_TOKEN")
if token then
    wrk.headers["Authorization"] = "Bearer " .. token
end

function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("%.2f %d %d %.3f\n",
        summary.requests / (summary.duration / 1e6),
        e.status + e.connect + e.read + e.write + e.timeout,
        summary.requests, latency:percentile(99) / 1000))
end
