-- wrk -s get.lua URL: prints "requests-a-second answers-that-were-not-2xx requests".
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("%.2f %d %d\n",
        summary.requests / (summary.duration / 1e6),
        e.status + e.connect + e.read + e.write + e.timeout,
        summary.requests))
end
