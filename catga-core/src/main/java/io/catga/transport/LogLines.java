package io.catga.transport;

import java.util.Map;
import org.slf4j.MDC;

/**
 * For log lines about a message that are written outside its pipeline, where neither the stage of logging nor a span puts
 * its ids into the MDC.
 */
public final class LogLines {

    /** The key in the MDC. */
    public static final String MESSAGE_ID = "messageId";

    /** The keys that Micrometer Tracing has for those of the current span. */
    private static final String TRACE_ID = "traceId";

    private static final String SPAN_ID = "spanId";

    private LogLines() {}

    /** Writes lines that have the ids of this message and of its trace. */
    public static void about(WireMessage message, Runnable lines) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        MDC.put(MESSAGE_ID, message.messageId());
        TraceContext.traceId(message.headers()).ifPresent(trace -> {
            MDC.put(TRACE_ID, trace);
            MDC.remove(SPAN_ID);
        });
        try {
            lines.run();
        } finally {
            MDC.setContextMap(before == null ? Map.of() : before);
        }
    }
}
