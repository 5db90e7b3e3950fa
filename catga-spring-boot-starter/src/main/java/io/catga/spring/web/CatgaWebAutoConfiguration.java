package io.catga.spring.web;

import io.catga.spring.CatgaAutoConfiguration;
import io.catga.spring.CatgaInstance;
import io.catga.spring.CatgaProperties;
import io.catga.spring.HealthCheck;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.tracing.Tracer;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.http.server.observation.ServerRequestObservationConvention;
import org.springframework.web.servlet.DispatcherServlet;
import tools.jackson.databind.json.JsonMapper;

/** The common HTTP side of the applications. */
@AutoConfiguration(after = CatgaAutoConfiguration.class, before = ErrorMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
public class CatgaWebAutoConfiguration {

    /** Behind Spring's observation filter, so that the trace exists. */
    private static final int AFTER_OBSERVATION = Ordered.HIGHEST_PRECEDENCE + 100;

    @Bean
    Problems catgaProblems(ObjectProvider<Tracer> tracer) {
        return new Problems(tracer);
    }

    @Bean
    ProblemAdvice catgaProblemAdvice(Problems problems) {
        return new ProblemAdvice(problems);
    }

    @Bean
    DefectAdvice catgaDefectAdvice(Problems problems) {
        return new DefectAdvice(problems);
    }

    @Bean
    @ConditionalOnMissingBean(ErrorController.class)
    ProblemController catgaProblemController(CatgaInstance instance, Problems problems) {
        return new ProblemController(instance, problems);
    }

    @Bean
    HealthController catgaHealthController(List<HealthCheck> checks) {
        return new HealthController(checks);
    }

    @Bean
    FilterRegistrationBean<AnswerHeadersFilter> catgaAnswerHeaders(CatgaInstance instance, Problems problems) {
        FilterRegistrationBean<AnswerHeadersFilter> bean =
                new FilterRegistrationBean<>(new AnswerHeadersFilter(instance, problems));
        bean.setOrder(AFTER_OBSERVATION);
        return bean;
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> catgaBodyLimit(
            CatgaProperties properties, Problems problems, JsonMapper mapper) {
        FilterRegistrationBean<BodyLimitFilter> bean = new FilterRegistrationBean<>(
                new BodyLimitFilter(properties.web().maxBody(), problems, mapper));
        bean.setOrder(AFTER_OBSERVATION + 1);
        return bean;
    }

    @Bean
    FilterRegistrationBean<WholeAnswerFilter> catgaWholeAnswer() {
        FilterRegistrationBean<WholeAnswerFilter> bean = new FilterRegistrationBean<>(new WholeAnswerFilter());
        bean.setOrder(AFTER_OBSERVATION + 2);
        return bean;
    }

    /** Spans of requests are named as people write them: {@code POST /api/orders}. */
    @Bean
    ServerRequestObservationConvention catgaRequestNames() {
        return new DefaultServerRequestObservationConvention() {
            @Override
            public String getContextualName(ServerRequestObservationContext context) {
                KeyValue method = method(context);
                String pattern = context.getPathPattern();
                return pattern == null ? method.getValue() : method.getValue() + ' ' + pattern;
            }
        };
    }

    /** Probes and scrapes are no part of anybody's trace. */
    @Bean
    ObservationPredicate catgaIgnoredRequests() {
        return (name, context) -> {
            if (context instanceof ServerRequestObservationContext request && request.getCarrier() != null) {
                String path = request.getCarrier().getRequestURI();
                return !path.startsWith("/actuator") && !path.equals("/health");
            }
            return true;
        };
    }
}
