package io.catga.spring.web;

import java.util.Objects;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Parameters that cannot be read ({@code ?limit=%zz}, or too many of them) fail where an application asks for one, since
 * Servlet 6.1, with an exception that looks like a defect of the application.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ParameterAdvice {

    private final Problems problems;

    ParameterAdvice(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<Object> onParameter(InvalidParameterException e) {
        HttpStatus status = Objects.requireNonNullElse(HttpStatus.resolve(e.getErrorCode()), HttpStatus.BAD_REQUEST);
        return problems.of(status, Problems.unexplained(status));
    }
}
