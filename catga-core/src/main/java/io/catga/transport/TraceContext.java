package io.catga.transport;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that a message travels in, as its headers say it
 * (<a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>).
 */
public final class TraceContext {

    private static final String HEADER = "traceparent";
    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");

    private TraceContext() {}

    /** The id of the trace, 32 hexadecimal digits; empty where there is none. */
    public static Optional<String> traceId(Map<String, String> headers) {
        return Optional.ofNullable(headers.get(HEADER))
                .map(TRACE_ID::matcher)
                .filter(Matcher::matches)
                .map(context -> context.group(1));
    }
}
