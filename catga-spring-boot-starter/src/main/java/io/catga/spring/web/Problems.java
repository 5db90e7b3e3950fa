package io.catga.spring.web;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.function.SingletonSupplier;

/**
 * Makes the answer to a failure: RFC 9457 problem details, with the code of the closed set, the trace id, and every
 * broken constraint.
 */
public final class Problems {

    /** Looked up once: each look-up goes through all beans, and every request asks (6 % of order-api's time). */
    private final SingletonSupplier<Tracer> tracer;

    Problems(ObjectProvider<Tracer> tracer) {
        this.tracer = SingletonSupplier.ofNullable(tracer::getIfAvailable);
    }

    /** The answer to a failed message. */
    public ResponseEntity<Object> of(CatgaError error) {
        return of(HttpStatusCode.valueOf(error.code().httpStatus()), error);
    }

    /** The same for a failure whose status HTTP knows better than the code does, such as 405 or 413. */
    ResponseEntity<Object> of(HttpStatusCode status, CatgaError error) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, error.message());
        problem.setType(URI.create("urn:catga:error:" + error.code().name().toLowerCase(java.util.Locale.ROOT)));
        problem.setTitle(title(status));
        problem.setProperty("code", error.code().name());
        if (!error.violations().isEmpty()) {
            problem.setProperty("violations", violations(error.violations()));
        }
        String traceId = traceId();
        if (traceId != null) {
            problem.setProperty("traceId", traceId);
        }
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (error.retryAfter() != null || error.code().isRetried()) {
            long seconds = error.retryAfter() == null
                    ? 1
                    : Math.max(1, error.retryAfter().plusMillis(999).toSeconds());
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
        return new ResponseEntity<>(problem, headers, status);
    }

    /** What is said of a request that was refused, or failed, where nobody had read it yet. */
    static CatgaError unexplained(HttpStatus status) {
        ErrorCode code = status == HttpStatus.BAD_REQUEST ? ErrorCode.UNREADABLE : codeOf(status);
        return CatgaError.of(
                code,
                status.is4xxClientError()
                        ? "The request cannot be taken as it is"
                        : "The request could not be answered");
    }

    /**
     * The address of a request as it stands in a problem: one that begins with two slashes would be a host, and Spring fails
     * where there is nothing behind them. RFC 3986, section 5.3, has a dot before such a path.
     */
    static @Nullable URI instance(String address) {
        try {
            return URI.create(address.startsWith("//") ? "/." + address : address);
        } catch (IllegalArgumentException e) {
            // Tomcat takes some addresses that are none by the letter
            return null;
        }
    }

    private static String title(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        return known == null ? "Error" : known.getReasonPhrase();
    }

    private static List<Map<String, String>> violations(List<CatgaError.Violation> violations) {
        return violations.stream()
                .map(violation -> Map.of("field", violation.field(), "problem", violation.problem()))
                .toList();
    }

    @Nullable
    String traceId() {
        Tracer found = tracer.get();
        Span span = found == null ? null : found.currentSpan();
        return span == null ? null : span.context().traceId();
    }

    /** The code that fits an HTTP status which the web framework decided on. */
    static ErrorCode codeOf(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 406, 415 -> ErrorCode.UNREADABLE;
            case 503 -> ErrorCode.UNAVAILABLE;
            default -> status.is5xxServerError() ? ErrorCode.INTERNAL : ErrorCode.VALIDATION;
        };
    }
}
