package io.catga.floor.api;

import io.catga.floor.cluster.FloorProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Every answer names the instance that gives it. */
@Component
final class ServedByFilter extends OncePerRequestFilter {

    private final String instance;

    ServedByFilter(FloorProperties properties) {
        this.instance = properties.instance();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("X-Served-By", instance);
        chain.doFilter(request, response);
    }
}
