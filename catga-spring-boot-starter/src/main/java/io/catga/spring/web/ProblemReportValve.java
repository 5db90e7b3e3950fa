package io.catga.spring.web;

import io.catga.ErrorCode;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * What Tomcat refuses before an application sees it (an address or a header that is no HTTP, headers over the limit) as
 * problem details instead of a page. Tomcat makes it, by its name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemReportValve.class);

    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        AtomicBoolean possible = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, possible);
        if (!possible.get()) {
            return;
        }
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding("UTF-8");
            Writer body = response.getReporter();
            if (body != null) {
                body.write(problem(status, traceId(request)));
                response.finishResponse();
            }
        } catch (IOException e) {
            LOG.debug("The client is gone before it was told that its request is refused", e);
        }
    }

    private static String problem(HttpStatus status, @Nullable String traceId) {
        ErrorCode code = status == HttpStatus.BAD_REQUEST ? ErrorCode.UNREADABLE : Problems.codeOf(status);
        String detail = status.is4xxClientError()
                ? "The request cannot be taken as it is"
                : "The request could not be answered";
        // nothing of it comes from outside, or it has been checked
        return """
                {"type":"urn:catga:error:%s","title":"%s","status":%d,"detail":"%s","code":"%s"%s}""".formatted(
                        code.name().toLowerCase(Locale.ROOT),
                        status.getReasonPhrase(),
                        status.value(),
                        detail,
                        code.name(),
                        traceId == null ? "" : ",\"traceId\":\"" + traceId + "\"");
    }

    /** No trace has begun: the one that the client brought, or else the id by which the load balancer's log has it. */
    private static @Nullable String traceId(Request request) {
        String parent = request.getHeader("traceparent");
        if (parent != null) {
            Matcher trace = TRACE.matcher(parent);
            if (trace.matches()) {
                return trace.group(1);
            }
        }
        String requestId = request.getHeader("X-Request-Id");
        return requestId != null && ID.matcher(requestId).matches() ? requestId : null;
    }
}
