package io.catga.spring.web;

import io.catga.spring.CatgaInstance;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Answers what ended before a handler had it (a body that breaks off or is no chunked one, a method that Tomcat refuses, a
 * filter that failed) as all else: with a problem, in the place of Spring Boot's answer, which has no code. Who asks for this
 * address itself finds nothing; Spring Boot answers 500.
 */
@Controller
final class ProblemController implements ErrorController {

    private final CatgaInstance instance;
    private final Problems problems;

    ProblemController(CatgaInstance instance, Problems problems) {
        this.instance = instance;
        this.problems = problems;
    }

    @RequestMapping("${spring.web.error.path:${error.path:/error}}")
    ResponseEntity<Object> answer(HttpServletRequest request, HttpServletResponse response) {
        HttpStatus status = status(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        ResponseEntity<Object> answer = problems.of(status, Problems.unexplained(status));
        if (answer.getBody() instanceof ProblemDetail problem) {
            if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String address) {
                problem.setInstance(Problems.instance(address));
            }
            // a trace that had begun has ended by now, and left its id for the client
            String traceId = response.getHeader(AnswerHeadersFilter.TRACE_ID);
            problem.setProperty("traceId", traceId == null ? ProblemReportValve.traceId(request) : traceId);
        }
        response.setHeader(AnswerHeadersFilter.SERVED_BY, instance.name());
        return answer;
    }

    private static HttpStatus status(@Nullable Object code) {
        HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : HttpStatus.NOT_FOUND;
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }
}
