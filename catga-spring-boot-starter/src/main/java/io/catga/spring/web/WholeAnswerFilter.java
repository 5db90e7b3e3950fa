package io.catga.spring.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets an answer leave in one piece, with its length, when its handler has returned. Spring flushes every answer before it
 * is closed, so that its end is a second write: an instance that hangs or dies between the two leaves half an answer with
 * the client, and a load balancer that has passed on the first half can ask no other instance. What does not fit into the
 * response's buffer goes on as before, and so do answers that are written as events come.
 */
final class WholeAnswerFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Unflushed(request, response));
    }

    private static final class Unflushed extends HttpServletResponseWrapper {

        private final HttpServletRequest request;

        Unflushed(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public void flushBuffer() throws IOException {
            if (request.isAsyncStarted()) {
                super.flushBuffer();
            }
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream stream = super.getOutputStream();
            return new ServletOutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    stream.write(octet);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    stream.write(bytes, from, length);
                }

                @Override
                public void flush() throws IOException {
                    flushBuffer();
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }

                @Override
                public boolean isReady() {
                    return stream.isReady();
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    stream.setWriteListener(listener);
                }
            };
        }
    }
}
