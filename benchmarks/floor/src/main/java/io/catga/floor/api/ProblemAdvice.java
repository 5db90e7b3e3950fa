package io.catga.floor.api;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/** Answers every failure with RFC 9457 problem details that carry a code, and names every bad field. */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Object> onProblem(ProblemException e) {
        return answer(e.code(), e.code().status(), String.valueOf(e.getMessage()), e.violations(), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> onDefect(Exception e) {
        LOG.error("A request ended in a defect", e);
        return onProblem(new ProblemException(Code.INTERNAL, "The request could not be handled"));
    }

    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return onProblem(ProblemException.invalid(e.getFieldErrors().stream()
                .map(error -> new Violation(error.getField(), String.valueOf(error.getDefaultMessage())))
                .sorted(Comparator.comparing(Violation::field).thenComparing(Violation::problem))
                .toList()));
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return onProblem(
                switch (e.getCause()) {
                    case StreamReadException syntax ->
                        new ProblemException(Code.UNREADABLE, "The body is not a JSON object" + position(syntax));
                    case DatabindException type
                    when !type.getPath().isEmpty() ->
                        ProblemException.invalid(List.of(new Violation(path(type), "is of a wrong type")));
                    case null, default -> new ProblemException(Code.UNREADABLE, "The body is not a JSON object");
                });
    }

    private static String position(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null ? "" : ": see line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    private static String path(DatabindException e) {
        return e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    /** Whatever else Spring finds wrong with a request. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Code code =
                status.value() == 404 ? Code.NOT_FOUND : status.is5xxServerError() ? Code.INTERNAL : Code.VALIDATION;
        String detail = body instanceof ProblemDetail problem && problem.getDetail() != null
                ? problem.getDetail()
                : "The request cannot be answered";
        return answer(code, status, detail, List.of(), headers);
    }

    private static ResponseEntity<Object> answer(
            Code code, HttpStatusCode status, String detail, List<Violation> violations, HttpHeaders headers) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("urn:floor:error:" + code.name().toLowerCase(Locale.ROOT)));
        problem.setProperty("code", code.name());
        if (!violations.isEmpty()) {
            problem.setProperty("violations", violations);
        }
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).headers(headers).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (code == Code.UNAVAILABLE) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return answer.body(problem);
    }
}
