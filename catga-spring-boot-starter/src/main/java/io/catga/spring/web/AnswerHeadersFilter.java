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

    static final String SERVED_BY = "X-Served-By";
    static final String TRACE_ID = "X-Trace-Id";

    private final CatgaInstance instance;
    private final Problems problems;

    AnswerHeadersFilter(CatgaInstance instance, Problems problems) {
        this.instance = instance;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(SERVED_BY, instance.name());
        String traceId = problems.traceId();
        if (traceId != null) {
            response.setHeader(TRACE_ID, traceId);
        }
        chain.doFilter(request, response);
    }
}
