-- wrk -s get.lua URL: prints "requests-a-second answers-that-were-not-2xx".
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("%.2f %d\n",
        summary.requests / (summary.duration / 1e6),
        e.status + e.connect + e.read + e.write + e.timeout))
end
