package io.catga.spring.web;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers what nobody else has an answer for, and tells nothing of it but to the log. Last in line, also behind an advice of
 * the application without an order, whose bean comes before those of a starter.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class DefectAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(DefectAdvice.class);

    private final Problems problems;

    DefectAdvice(Problems problems) {
        this.problems = problems;
    }

    /**
     * @throws Exception the same, where it says itself what it means to the client, or is for Spring Security's filter:
     *     Spring then goes on as if there were no advice
     */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> onDefect(Exception e) throws Exception {
        if (AnnotatedElementUtils.hasAnnotation(e.getClass(), ResponseStatus.class)
                || e.getClass().getName().startsWith("org.springframework.security.")) {
            throw e;
        }
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        LOG.error("A request ended in a defect", e);
        return problems.of(CatgaError.of(ErrorCode.INTERNAL, "The request failed; the log has the cause"));
    }
}
