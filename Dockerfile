# One image for every process of ours: worker, API, migrations, simulators.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/crossclaim
COPY requirements.lock ./
RUN /opt/crossclaim/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY crossclaim ./crossclaim
COPY workflows ./workflows
COPY activities ./activities
COPY workers ./workers
COPY examples ./crossclaim/examples
RUN /opt/crossclaim/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/crossclaim crossclaim \
 && install -d -o crossclaim -g crossclaim -m 700 /keystore \
 && install -d -o crossclaim -g crossclaim /data /run/crossclaim
COPY --from=build /opt/crossclaim /opt/crossclaim
ENV PATH=/opt/crossclaim/bin:$PATH PYTHONUNBUFFERED=1
USER crossclaim
WORKDIR /var/lib/crossclaim
ENTRYPOINT []
CMD ["crossclaim", "--help"]
