package io.catga.spring.web;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Tomcat's own refusals in the form of all others. */
@AutoConfiguration(after = CatgaWebAutoConfiguration.class)
@ConditionalOnClass(TomcatServletWebServerFactory.class)
public class CatgaTomcatAutoConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> catgaTomcatProblems() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
            }
        });
    }

    @Bean
    @ConditionalOnBean(Problems.class)
    ParameterAdvice catgaParameterAdvice(Problems problems) {
        return new ParameterAdvice(problems);
    }
}
