package io.catga.spring.web;

import io.catga.CatgaError;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Set;
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

    /**
     * CONNECT and transfer codings that nobody knows, and versions of HTTP. They are mistakes of the client all the same, and
     * none that an alert about failures of ours should count.
     */
    private static final Set<HttpStatus> REFUSALS =
            Set.of(HttpStatus.NOT_IMPLEMENTED, HttpStatus.HTTP_VERSION_NOT_SUPPORTED);

    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        HttpStatus status = refusal(HttpStatus.resolve(response.getStatus()));
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        AtomicBoolean possible = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, possible);
        if (!possible.get()) {
            return;
        }
        try {
            response.setStatus(status.value());
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

    private static @Nullable HttpStatus refusal(@Nullable HttpStatus status) {
        return status != null && REFUSALS.contains(status) ? HttpStatus.BAD_REQUEST : status;
    }

    private static String problem(HttpStatus status, @Nullable String traceId) {
        CatgaError error = Problems.unexplained(status);
        // nothing of it comes from outside, or it has been checked
        return """
                {"type":"urn:catga:error:%s","title":"%s","status":%d,"detail":"%s","code":"%s"%s}""".formatted(
                        error.code().name().toLowerCase(Locale.ROOT),
                        status.getReasonPhrase(),
                        status.value(),
                        error.message(),
                        error.code().name(),
                        traceId == null ? "" : ",\"traceId\":\"" + traceId + "\"");
    }

    /** No trace has begun: the one that the client brought, or else the id by which the load balancer's log has it. */
    static @Nullable String traceId(HttpServletRequest request) {
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
