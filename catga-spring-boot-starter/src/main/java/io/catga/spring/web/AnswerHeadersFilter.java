package io.catga.spring.web;

import io.catga.spring.CatgaInstance;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Says on every answer which instance gave it, and in which trace. */
final class AnswerHeadersFilter extends OncePerRequestFilter {

    private final CatgaInstance instance;
    private final Problems problems;

    AnswerHeadersFilter(CatgaInstance instance, Problems problems) {
        this.instance = instance;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("X-Served-By", instance.name());
        String traceId = problems.traceId();
        if (traceId != null) {
            response.setHeader("X-Trace-Id", traceId);
        }
        chain.doFilter(request, response);
    }
}
